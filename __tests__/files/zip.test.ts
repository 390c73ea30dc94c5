import { readZipEntry } from "../../files/zip";
import { TERRAFORM_ZIP } from "../toolchain/sandbox";

describe("readZipEntry", () => {
  it("inflates a compressed file", () => {
    expect(readZipEntry(TERRAFORM_ZIP, "LICENSE.txt").toString()).toBe("a licence\n");
  });

  it("reads a stored file", () => {
    expect(readZipEntry(TERRAFORM_ZIP, "empty.txt")).toEqual(Buffer.alloc(0));
  });

  it("names what the archive holds when the file is not in it", () => {
    expect(() => readZipEntry(TERRAFORM_ZIP, "tofu")).toThrow(
      "the zip archive holds no tofu, only LICENSE.txt, terraform, empty.txt",
    );
  });

  it("refuses an archive that was cut off", () => {
    expect(() => readZipEntry(TERRAFORM_ZIP.subarray(0, 300), "terraform")).toThrow("not a zip archive");
  });
});
