/** The one document that Session Manager reads its preferences from, in each account and region. */
export const PREFERENCES_DOCUMENT = "SSM-SessionManagerRunShell";

/** Whether a command document is AWS's own: nobody else may begin a document's name so. */
export const isAwsDocument = (name: string) => /^(?:aws|amazon|amzn)/i.test(name);
