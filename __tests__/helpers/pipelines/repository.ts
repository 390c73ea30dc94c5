import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "../documents";

/** Runs git. @returns what it printed */
export const git = (cwd: string, ...argv: string[]): string =>
  execFileSync(
    "git",
    ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main", ...argv],
    { cwd, encoding: "utf8" },
  );

/** A repository of an operator: the files of this project as they are, and a map. */
export function makeRepository(
  directory: string,
  map: { readonly file: string; readonly text: string },
): string {
  const repository = join(directory, "repository");
  const files = git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "-z").split("\0");
  for (const file of files.filter((name) => name !== "" && name !== "node_modules")) {
    if (!existsSync(join(ROOT, file))) continue;
    mkdirSync(dirname(join(repository, file)), { recursive: true });
    cpSync(join(ROOT, file), join(repository, file));
  }
  git(repository, "init", "--quiet");
  commit(repository, map);
  return repository;
}

/** Commits a file. @returns the commit */
export function commit(repository: string, { file, text }: { file: string; text: string }): string {
  writeFileSync(join(repository, file), text);
  git(repository, "add", "--all");
  git(repository, "commit", "--quiet", "--message", `Change ${file}`);
  return git(repository, "rev-parse", "HEAD").trim();
}

/**
 * Programs that stand in for what a machine without the network does not have. `npm ci` links the packages of this
 * project. `gh` keeps the comments of a pull request in a file.
 * @returns the folder that comes first in PATH
 */
export function makeStandIns(directory: string): { readonly path: string; readonly comments: string } {
  const path = join(directory, "stand-ins");
  const comments = join(directory, "comments.json");
  mkdirSync(path);
  writeFileSync(comments, "[]");
  const npm = `[ "$*" = ci ] || { echo "npm $*: no stand-in" >&2; exit 1; }
ln -s ${ROOT}/node_modules node_modules
ln -s ${ROOT}/.cache .cache`;
  const gh = `[ "$1" = api ] || exit 64; shift
: "\${GH_TOKEN:?}"
case "$1" in
  --paginate) [ "$3" = --jq ] || exit 64; jq -r "$4" ${comments} ;;
  --method)
    [ "$4" = --field ] && [ "$6" = --silent ] || exit 64
    body=$(cat "\${5#body=@}")
    if [ "$2" = POST ]; then
      change='. + [{ id: (length + 1), path: $path, user: { login: "github-actions[bot]" }, body: $body }]'
    else
      change='map(if (.id | tostring) == ($path | split("/") | last) then .body = $body else . end)'
    fi
    jq --arg path "$3" --arg body "$body" "$change" ${comments} > ${comments}.new && mv ${comments}.new ${comments} ;;
  *) exit 64 ;;
esac`;
  for (const [name, script] of Object.entries({ npm, gh })) {
    writeFileSync(join(path, name), `#!/usr/bin/env bash\nset -eu\n${script}\n`);
    chmodSync(join(path, name), 0o755);
  }
  return { path, comments };
}
