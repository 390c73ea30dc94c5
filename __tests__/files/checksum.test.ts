import { sha256Of } from "../../files/checksum";

it("is the same for a text and for its bytes, in hexadecimal digits", () => {
  // The first digest is the example of FIPS 180-4 for the message "abc".
  const expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  expect([sha256Of("abc"), sha256Of(Buffer.from("abc"))]).toEqual([expected, expected]);
});
