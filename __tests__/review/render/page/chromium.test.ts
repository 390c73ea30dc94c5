import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { findChromium } from "../../../helpers/browser/chromium";

describe("Chromium for the tests of the page", () => {
  let folder: string;
  const program = (name: string): string => {
    const path = join(folder, name);
    writeFileSync(path, "#!/bin/sh\n");
    chmodSync(path, 0o755);
    return path;
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "session-audit-chromium-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is the program that CHROME_PATH names", () => {
    const named = program("my-browser");
    program("chromium");
    expect(findChromium({ CHROME_PATH: named, PATH: folder })).toBe(named);
  });

  it("is the first name in PATH, whatever folder it is in", () => {
    mkdirSync(join(folder, "other"));
    const found = program(join("other", "chromium"));
    program("google-chrome");
    expect(findChromium({ PATH: [folder, join(folder, "other")].join(delimiter) })).toBe(found);
  });

  it.each(["chromium-headless-shell", "chromium-browser", "google-chrome"])(
    "may have the name %s",
    (name) => {
      const found = program(name);
      expect(findChromium({ PATH: folder })).toBe(found);
    },
  );

  it("is neither a file that cannot be executed nor a folder", () => {
    writeFileSync(join(folder, "chromium"), "");
    mkdirSync(join(folder, "google-chrome"));
    expect(findChromium({ PATH: folder })).toBeNull();
  });

  it("may be missing on the machine of a user", () => {
    expect(findChromium({ PATH: folder })).toBeNull();
    expect(findChromium({ PATH: folder, CI: "false" })).toBeNull();
  });

  it("may not be missing in CI", () => {
    expect(() => findChromium({ PATH: folder, CI: "true" })).toThrow(
      "Chromium is not installed: none of chromium-headless-shell, chromium, chromium-browser, google-chrome is in PATH.",
    );
  });

  it("may not be missing where CHROME_PATH names it", () => {
    expect(() => findChromium({ CHROME_PATH: join(folder, "none"), PATH: folder })).toThrow(
      /CHROME_PATH names .*none/,
    );
  });
});
