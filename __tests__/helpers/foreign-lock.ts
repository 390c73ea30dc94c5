/**
 * The lock file of a state that another Terraform holds, as JSON.
 * @param key of the lock file
 * @see https://developer.hashicorp.com/terraform/language/backend/s3#state-locking
 */
export const foreignLock = (key: string): string =>
  JSON.stringify({
    ID: "11111111-2222-3333-4444-555555555555",
    Operation: "OperationTypeApply",
    Info: "",
    Who: "alice@laptop",
    Version: "1.11.4",
    Created: "2026-01-01T10:00:00.000000Z",
    Path: key,
  });
