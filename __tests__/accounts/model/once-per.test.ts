import { oncePer, recordingReads, noteRead, withoutKeeping } from "../../../accounts/model/once-per";

/** A function that counts how often it computes, and what it computes of. */
function counting() {
  let computed = 0;
  const once = oncePer(({ shown }: { shown: string }) => {
    computed++;
    noteRead(`read ${shown}`);
    return shown;
  });
  return { once, computed: () => computed };
}

it("computes a result once for each object", () => {
  const { once, computed } = counting();
  const [one, other] = [{ shown: "one" }, { shown: "other" }];
  expect([once(one), once(other), once(one)]).toEqual(["one", "other", "one"]);
  expect(computed()).toBe(2);
});

it("counts everybody who gets a result as having read what the computation read", () => {
  const { once } = counting();
  const object = { shown: "one" };
  const reads = () => [...recordingReads(() => once(object)).reads];
  expect([reads(), reads()]).toEqual([["read one"], ["read one"]]);
});

describe("withoutKeeping", () => {
  it("neither uses a result from before nor keeps one for afterwards", () => {
    const { once } = counting();
    const object = { shown: "before" };
    const shown = [once(object)];
    object.shown = "meanwhile";
    shown.push(withoutKeeping(() => once(object)));
    object.shown = "after";
    shown.push(once(object));
    expect(shown).toEqual(["before", "meanwhile", "before"]);
  });

  it("still counts a result as read", () => {
    const { once } = counting();
    const { reads } = recordingReads(() => withoutKeeping(() => once({ shown: "one" })));
    expect([...reads]).toEqual(["read one"]);
  });

  it("ends when the function fails", () => {
    const { once, computed } = counting();
    const object = { shown: "one" };
    const failing = () =>
      withoutKeeping(() => {
        throw new Error("failed");
      });
    expect(failing).toThrow("failed");
    once(object);
    once(object);
    expect(computed()).toBe(1);
  });
});
