import { createHash } from "node:crypto";

const hashOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** Expects of an HTML page that it has one script and one style, and a policy that allows these two and nothing else. */
export function expectOwnPolicy(page: string): void {
  const scripts = [...page.matchAll(/<script>([^]*?)<\/script>/g)].map(([, script]) => script!);
  const styles = [...page.matchAll(/<style>([^]*?)<\/style>/g)].map(([, style]) => style!);
  expect([scripts.length, styles.length]).toEqual([1, 1]);
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1];
  expect(policy?.split("; ")).toEqual([
    "default-src 'none'",
    `style-src ${hashOf(styles[0]!)}`,
    `script-src ${hashOf(scripts[0]!)}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ]);
}
