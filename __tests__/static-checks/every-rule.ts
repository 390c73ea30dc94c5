import { BUCKET_POLICY_RULES } from "./bucket-policy-rules";
import { BUCKET_RULES } from "./bucket-rules";
import { CODE_RULES } from "./code-rules";
import { DELIVERY_RULES } from "./delivery-rules";
import { IDENTITY_RULES } from "./identity-rules";
import { KEY_RULES } from "./key-rules";
import { MESSAGE_RULES } from "./message-rules";
import { NETWORK_RULES } from "./network-rules";
import { RECORD_RULES } from "./record-rules";
import type { Rule } from "./rule";

/** All rules: the widely used static checks that apply to the types of resource which this project deploys. */
export const RULES: readonly Rule[] = [
  ...BUCKET_RULES,
  ...BUCKET_POLICY_RULES,
  ...KEY_RULES,
  ...MESSAGE_RULES,
  ...DELIVERY_RULES,
  ...RECORD_RULES,
  ...IDENTITY_RULES,
  ...CODE_RULES,
  ...NETWORK_RULES,
];
