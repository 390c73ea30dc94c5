import type { Review } from "../model";
import {
  changesSection,
  driftSection,
  failuresSection,
  mapWarningsSection,
  notCoveredSection,
  policiesSection,
} from "./markdown/changes";
import { code, text } from "./markdown/escape";
import { fit, type Fitted } from "./markdown/fit";
import { findingsSection, strengthSection, summarySection } from "./markdown/top";
import { findingCounts } from "./order";
import { findingsInWords, list, number, originInWords, stacksInWords, verdict } from "./words";

/**
 * Characters of a comment on GitHub. GitHub counts the body of a pull request in characters and a comment in bytes, of
 * which it takes four times as many; a comment of this length is never too long.
 * @see https://github.com/dead-claudia/github-limits/pull/13
 */
export const GITHUB_LIMIT = 65_536;

/** The shortest comment that still says what happens to recording and where the whole review is. */
export const SMALLEST_LIMIT = 1_000;

export interface MarkdownOptions {
  /**
   * Longest comment, in characters: 65,536 on GitHub, 1,000,000 on GitLab, 32,768 on Bitbucket.
   * @default 65536
   */
  readonly limit?: number;
  /** Path or URL of the whole review, which is named if something does not fit. */
  readonly rest?: string;
}

/**
 * A review as a comment on a pull request. What does not fit is left out in whole parts, the least important first, and
 * the comment says what is left out.
 * @throws RangeError if the limit is below {@link SMALLEST_LIMIT}
 * @example markdown(review, { limit: 32_768, rest: "https://ci.example.com/build/7/review.html" })
 */
export function markdown(review: Review, { limit = GITHUB_LIMIT, rest }: MarkdownOptions = {}): string {
  if (!Number.isInteger(limit) || limit < SMALLEST_LIMIT)
    throw new RangeError(
      `A comment of ${limit} characters is too short for a review. Allow at least ${number(SMALLEST_LIMIT)} characters.`,
    );
  const sections = [
    strengthSection(review),
    summarySection(review),
    findingsSection(review),
    policiesSection(review),
    changesSection(review),
    driftSection(review),
    failuresSection(review),
    mapWarningsSection(review),
    notCoveredSection(review),
  ];
  const head = headOf(review);
  const whole = fit(sections, limit - head.length);
  if (!whole.isCut) return head + whole.text;
  const all = sections.map(({ name, blocks }) => ({ name, blocks: blocks.length }));
  const notice = [
    (missing: Fitted["missing"]) => cutNotice(limit, { missing, rest }),
    () => cutNotice(limit, { missing: [], rest }),
    () => cutNotice(limit, { missing: [], rest: undefined }),
  ].find((write) => head.length + write(all).length <= limit)!;
  const fitted = fit(sections, limit - head.length - notice(all).length);
  return head + notice(fitted.missing) + fitted.text;
}

const headOf = (review: Review): string =>
  `## ${verdict(review).text}\n\n${[
    findingsInWords(findingCounts(review)),
    stacksInWords(review),
    text(originInWords(review), 120),
  ].join(" ")}\n`;

/** Says that something is left out, and where the whole review is. */
function cutNotice(
  limit: number,
  { missing, rest }: { missing: Fitted["missing"]; rest: string | undefined },
): string {
  const left = missing.map(({ name, blocks }) => `${number(blocks)} ${name}`);
  const sentences = [
    `\n> **Cut to ${number(limit)} characters.** The worst is shown first.`,
    ...(left.length > 0 ? [`Nothing is shown of ${list(left)}.`] : []),
    ...(rest === undefined ? [] : [`The whole review is at ${restInWords(rest)}.`]),
  ];
  return `${sentences.join(" ")}\n`;
}

/**
 * A URL is a link. Anything else is a path. The parser of URLs escapes what could end the link: `<`, `>` and spaces.
 * @see https://url.spec.whatwg.org/#fragment-percent-encode-set
 */
function restInWords(rest: string): string {
  if (!/^https?:\/\//i.test(rest) || !URL.canParse(rest)) return code(rest, rest.length);
  return `<${new URL(rest).href}>`;
}
