import { UserError } from "../../processes/user-error";
import { isFromAws, wordsOf } from "../aws-errors";

/**
 * Does something, and reports what AWS refuses in AWS's own words.
 * @param what what was tried, for the message
 * @param remedy what to do about it
 * @throws UserError in place of an error of AWS, of the network or of credentials
 * @example await inAwsWords("--sign alias/reports", () => kmsSigner(id, env))
 */
export async function inAwsWords<T>(
  what: string,
  work: () => Promise<T>,
  remedy = "Check the name, and that the credentials of the environment may do this.",
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isFromAws(error)) throw error;
    throw new UserError({ what: `${what}: ${wordsOf(error)}.`, remedy });
  }
}
