/** Characters of an EventBridge rule's pattern. */
export const EVENT_PATTERN_LIMIT = 4_096;
