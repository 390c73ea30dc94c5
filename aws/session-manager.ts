/** The one document that Session Manager reads its preferences from, in each account and region. */
export const PREFERENCES_DOCUMENT = "SSM-SessionManagerRunShell";

/**
 * Whether a document of Systems Manager belongs to AWS, by its name: AWS reserves these prefixes for its own documents.
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateDocument.html
 */
export const isAwsDocument = (name: string) => /^(?:aws|amazon|amzn)/i.test(name);
