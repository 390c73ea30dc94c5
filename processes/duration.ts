/** A duration as text, rounded because it is an estimate. */
export function timeLeft(seconds: number): string {
  if (seconds >= 90) return `about ${Math.round(seconds / 60)} min left`;
  if (seconds > 50) return "about 1 min left";
  return seconds > 10 ? `about ${Math.ceil(seconds / 10) * 10} s left` : "a few seconds left";
}
