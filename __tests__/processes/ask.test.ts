import { PassThrough } from "node:stream";
import { askAt } from "../../processes/program";
import { UserError } from "../../processes/user-error";

it("returns the answer, and leaves the terminal to the next question", async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const first = askAt({ input, output }, "Name? ");
  input.write("acme\n");
  expect(await first).toBe("acme");
  const second = askAt({ input, output }, "Region? ");
  input.write("eu-central-1\n");
  expect(await second).toBe("eu-central-1");
  expect(String(output.read())).toBe("Name? Region? ");
});

it("throws with the exit code of an interruption if the terminal is closed instead", async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const asked = askAt({ input, output }, "Name? ");
  input.end();
  await expect(asked).rejects.toMatchObject({ message: "the question was not answered.", exitCode: 130 });
  await expect(asked).rejects.toBeInstanceOf(UserError);
});
