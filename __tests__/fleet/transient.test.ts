import { isTransient, withRetries } from "../../fleet/transient";

it.each`
  output                                                                                                  | transient
  ${"Error: reading KMS Key: operation error KMS: DescribeKey, ThrottlingException: Rate exceeded"}       | ${true}
  ${"https response error StatusCode: 503, RequestID: 1, api error SlowDown: Please reduce your request"} | ${true}
  ${"Error: error configuring S3 Backend: dial tcp 10.0.0.1:443: i/o timeout"}                            | ${true}
  ${"Post https://sts.amazonaws.com/: read: connection reset by peer"}                                    | ${true}
  ${"api error AccessDenied: User is not authorized, StatusCode: 403"}                                    | ${false}
  ${"Error: Error acquiring the state lock"}                                                              | ${false}
  ${"Error: Unsupported argument"}                                                                        | ${false}
  ${"Error: creating S3 Bucket: StatusCode: 5000"}                                                        | ${false}
`(
  "reads $output as transient: $transient",
  ({ output, transient }: { output: string; transient: boolean }) => {
    expect(isTransient(output)).toBe(transient);
  },
);

const options = { attempts: 3, pauseSeconds: 0 };
const failing = (...messages: string[]) => {
  const left = [...messages];
  return jest.fn(async () => {
    const message = left.shift();
    if (message !== undefined) throw new Error(message);
    return "done";
  });
};
const text = (error: Error) => error.message;

it("tries again until a transient error is gone", async () => {
  const work = failing("ThrottlingException", "i/o timeout");
  expect(await withRetries(work, text, options)).toEqual({ result: "done", attempts: 3 });
});

it("gives up after the last attempt, and says how many there were", async () => {
  const work = failing("SlowDown", "SlowDown", "SlowDown", "SlowDown");
  await expect(withRetries(work, text, options)).rejects.toMatchObject({ message: "SlowDown", attempts: 3 });
});

it("does not try other errors again", async () => {
  const work = failing("AccessDenied");
  await expect(withRetries(work, text, options)).rejects.toMatchObject({
    message: "AccessDenied",
    attempts: 1,
  });
});

it("ends the pause when it is interrupted", async () => {
  const controller = new AbortController();
  const work = failing("SlowDown");
  const retried = withRetries(work, text, {
    attempts: 3,
    pauseSeconds: 3600,
    signal: controller.signal,
    onRetry: () => controller.abort(),
  });
  await expect(retried).rejects.toThrow(/abort/i);
  expect(work).toHaveBeenCalledTimes(1);
});
