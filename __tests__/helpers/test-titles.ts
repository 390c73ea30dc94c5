import { readFileSync } from "node:fs";
import * as ts from "typescript";

const TEST = /^(it|test)$/;
const BLOCK = /^describe$/;

/** The name of the function that an expression calls: `it` for `it(…)`, `it.each(…)(…)` and it.each`…`(…). */
function calleeOf(node: ts.Expression): string {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isPropertyAccessExpression(node)) return calleeOf(node.expression);
  if (ts.isCallExpression(node)) return calleeOf(node.expression);
  if (ts.isTaggedTemplateExpression(node)) return calleeOf(node.tag);
  return "";
}

/**
 * The titles of the tests in a file, as they are written there. Each begins with the titles of the blocks around it:
 * `block › test`.
 * @param file path of a TypeScript file
 */
export function testTitles(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);
  const titles: string[] = [];
  const visit = (node: ts.Node, blocks: readonly string[]): void => {
    const title = ts.isCallExpression(node) ? node.arguments[0] : undefined;
    const callee = ts.isCallExpression(node) ? calleeOf(node.expression) : "";
    const named = title && ts.isStringLiteralLike(title) ? [...blocks, title.text] : blocks;
    if (TEST.test(callee) && named !== blocks) titles.push(named.join(" › "));
    ts.forEachChild(node, (child) => visit(child, BLOCK.test(callee) ? named : blocks));
  };
  visit(source, []);
  return titles;
}
