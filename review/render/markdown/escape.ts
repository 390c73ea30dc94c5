import { clip, messageLines, prose, visible } from "../visible";

/**
 * Texts of a plan for Markdown as GitHub, GitLab and Bitbucket read it. A Markdown character becomes an HTML entity,
 * because an entity never is structure, and is the same text inside of HTML, where a backslash would be shown.
 * @see https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references
 */

/**
 * Words that the sites themselves make active after they have rendered the Markdown, so that no escape helps: mentions,
 * references to issues, labels, milestones, alerts and commits, links without brackets, formulas, emoji, inline diffs
 * and attribute lists. These words are shown as code, in which the sites leave them alone.
 * @see https://github.com/github/markup/issues/1168
 * @see https://docs.gitlab.com/user/markdown/#gitlab-specific-references
 */
const ACTIVE = new RegExp(
  [
    "[@#~$^]",
    '[!%&][\\w"]',
    "://",
    "www\\.",
    "\\b(?:mailto|xmpp|javascript|data):",
    "\\bgh-\\d",
    ":[\\w+-]+:",
    "[[{][+-]|[+-][\\]}]|\\{:|\\[\\w+:|\\[\\[",
    "\\b[0-9a-f]{40}\\b",
    // No site makes these active. They are identifiers, which are easier to read as code.
    "[a-z0-9]_[a-z0-9]",
  ].join("|"),
  "i",
);

/**
 * A zero-width space after the sign of a mention. GitHub takes the text of a reply by e-mail without its code spans,
 * so that a mention in quoted code would reach the person. Addresses of e-mails are no mentions, and stay as they are.
 * @see https://github.com/dependabot/dependabot-core/pull/3157
 */
const unmentioned = (text: string): string => text.replace(/(?<![A-Za-z0-9])@(?=[A-Za-z0-9])/g, "@\u200b");

const entity = (character: string): string => `&#${character.codePointAt(0)};`;

/** Characters that are Markdown or HTML wherever they stand. */
const escapeWord = (word: string): string => word.replace(/[&<>`*_[\]\\|~]/g, entity);

/** What is a list, a heading, a rule, a quotation or a command to a bot at the start of a line only. */
const escapeStart = (text: string): string =>
  text
    .replace(/^[-+=#:/.!]/, entity)
    .replace(/^(\d+)([.)])/, (_, digits: string, sign: string) => digits + entity(sign));

/** Longest text and longest value in a comment, in characters. The other forms of the review have all of it. */
const TEXT_LIMIT = 1_200;
const VALUE_LIMIT = 240;

/** A text as a code span. */
export function code(text: string, limit = VALUE_LIMIT): string {
  const shown = unmentioned(clip(visible(text), limit));
  if (shown.trim() === "") return code(JSON.stringify(shown), limit);
  const fence = "`".repeat(Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  const pad = /^`|`$|^ .* $/.test(shown) ? " " : "";
  return fence + pad + shown + pad + fence;
}

/** A text as code where no code span may be: in HTML, and in a cell of a table, which a pipe would end. */
export const codeInHtml = (text: string, limit = VALUE_LIMIT): string =>
  `<code>${escapeStart(escapeHtmlCode(unmentioned(clip(visible(text), limit))))}</code>`;

/**
 * Inside of `<code>` in a cell of a table, Markdown is still read: every character that could be Markdown is an entity,
 * and a sign that would make a link to an e-mail address has a zero-width space behind it.
 */
const escapeHtmlCode = (text: string): string =>
  text
    .replace(/@\u200b?/g, "@\u200b")
    .replace(
      /(?<=[a-z0-9])_(?=[a-z0-9])|(?<!www)\.|[\p{L}\p{M}\p{N} ,;?…\u200b-]+|(.)/giu,
      (plain, other?: string) => (other === undefined ? plain : entity(other)),
    );

/** Words with their active ones as code, without the punctuation behind them. */
const sentenceWith = (asCode: (word: string, limit: number) => string, sentence: string, limit: number) =>
  escapeStart(
    clip(prose(sentence), limit)
      .split(" ")
      .filter(Boolean)
      .map((word) => {
        if (!ACTIVE.test(word)) return escapeWord(word);
        const [, active, punctuation] = /^(.+?)([.,;:?]*)$/su.exec(word)!;
        return asCode(active!, limit) + punctuation;
      })
      .join(" "),
  );

/** A sentence as inline Markdown. */
export const text = (sentence: string, limit = TEXT_LIMIT): string => sentenceWith(code, sentence, limit);

/** A sentence in HTML, or in a cell of a table. */
export const textInHtml = (sentence: string, limit = TEXT_LIMIT): string =>
  sentenceWith(codeInHtml, sentence, limit);

/**
 * The lines of a message in a fence. Each line begins with a bar, as Terraform prints it, so that no line of the comment
 * begins with a command to a bot.
 * @see https://docs.gitlab.com/user/project/quick_actions/
 */
export function fenced(message: string, lines = 40): string {
  const all = messageLines(message).map((line) => `│ ${unmentioned(clip(line, VALUE_LIMIT))}`.trimEnd());
  const left = all.length - lines;
  const shown = left > 0 ? [...all.slice(0, lines), `│ … ${left} more lines`] : all;
  const fence = "`".repeat(
    Math.max(2, ...[...shown.join("\n").matchAll(/`+/g)].map(([run]) => run.length)) + 1,
  );
  return `${fence}text\n${shown.join("\n")}\n${fence}\n`;
}
