/** The one document that Session Manager reads its preferences from, in each account and region. */
export const PREFERENCES_DOCUMENT = "SSM-SessionManagerRunShell";
