import { lstat, mkdir, writeFile } from "node:fs/promises";
import { dirname, extname, relative, resolve } from "node:path";
import { Option, type Command } from "commander";
import { parse as parseYaml } from "yaml";
import { MAP_VARIABLE } from "../../accounts/reading/load";
import type { Io } from "../../processes/program";
import { quoted } from "../../processes/shell";
import { UserError } from "../../processes/user-error";
import { checkMap } from "../../stacks/read-organization";
import { stacksOf } from "../../stacks/stack-graph";
import { EXIT, newCommand, type Context } from "../command";
import { firstMap, type Answers } from "../init/first-map";
import { PLACEHOLDERS, QUESTIONS, type Question } from "../init/questions";
import { CODE, collect, PROJECT } from "../options";

const EXAMPLES = `
Examples:
  Answer questions at the terminal:
    npx session-audit init
  A map of one account, without questions:
    npx session-audit init --organization acme --account sandbox=222222222222 --region eu-central-1
  An organization with an archive account, in a file of this name:
    npx session-audit init --organization acme --account log-archive=111111111111 \\
      --account payments=444444444444 --archive log-archive --region eu-central-1 --region us-east-1 \\
      --state-bucket acme-terraform-state --email soc@example.com --out maps/acme.yaml

Exit codes:
  0   the map was written
  1   an answer is wrong or missing, or the file exists`;

type InitOptions = { readonly out?: string } & Readonly<
  Record<string, string | readonly string[] | undefined>
>;

/** `session-audit init`: a first map, from answers or options. */
export const initCommand = (context: Context): Command => {
  const command = newCommand("init", context).description(
    "Writes a first accounts map as YAML, valid and with comments. What no option says is asked for at the " +
      "terminal. Without a terminal, it gets what the option's help says.",
  );
  for (const { option, takes, about, isList, usual, ifEmpty } of QUESTIONS) {
    const suffix = usual === undefined ? "" : ` (without it: ${ifEmpty})`;
    const described = `${about}${isList ? "; may be repeated" : ""}${suffix}`;
    const made = new Option(`--${option} ${takes}`, described);
    command.addOption(isList ? made.argParser(collect) : made);
  }
  return command
    .option("--out <file>", "the file to write, .yaml or .yml (default: <organization>.yaml)")
    .addHelpText("after", EXAMPLES)
    .action(async (options: InitOptions) => init(context, options));
};

async function init({ io, exit }: Context, options: InitOptions): Promise<void> {
  if (options.out !== undefined) await refuse(resolve(io.cwd, options.out));
  refuseMissing(options, io.ask !== undefined);
  let answers = PLACEHOLDERS;
  for (const question of QUESTIONS) {
    answers = await answered(question, answers, wordsOf(question, options), io);
  }
  const file = resolve(io.cwd, options.out ?? `${answers.organization}.yaml`);
  await refuse(file);
  const text = firstMap(answers);
  const stacks = stacksOf(checkMap(parseYaml(text), file)).length;
  await mkdir(dirname(file), { recursive: true });
  // wx: a file that somebody has written meanwhile is not replaced.
  await writeFile(file, text, { flag: "wx" });
  const shown = relative(io.cwd, file);
  // The package does not have the embedded AWS.
  const canRehearse = PROJECT === CODE;
  io.stdout.write(
    [
      `Written: ${shown}, a map of ${stacks} stacks. ${canRehearse ? "Rehearse it on the embedded AWS, then plan" : "Plan"} it:`,
      "",
      `  export ${MAP_VARIABLE}=${quoted(shown)}`,
      ...(canRehearse ? ["  npm run demo"] : []),
      "  npx session-audit plan --out plans/first",
      "",
    ].join("\n"),
  );
  exit(EXIT.ok);
}

/** @throws UserError if the file exists or is no YAML file */
async function refuse(file: string): Promise<void> {
  if (![".yaml", ".yml"].includes(extname(file))) {
    throw new UserError({ what: `${file}: a first map is a .yaml or .yml file.`, remedy: "Name it so." });
  }
  // lstat: a symbolic link that leads nowhere is in the way as well. A folder that is a file is refused before the questions.
  const found = await lstat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (found !== null) {
    throw new UserError({
      what: `${file} exists, and init overwrites nothing.`,
      remedy: "Name another file with --out, or remove this one.",
    });
  }
}

/** The words of an option; undefined: the option is missing. */
function wordsOf({ option }: Question, options: InitOptions): readonly string[] | undefined {
  const name = option.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const value = options[name];
  return typeof value === "string" ? [value] : value;
}

/** @throws UserError that names every option which is missing where nobody can be asked */
function refuseMissing(options: InitOptions, canAsk: boolean): void {
  const missing = QUESTIONS.filter(
    (question) => question.usual === undefined && wordsOf(question, options) === undefined,
  ).map(({ option, takes }) => `--${option} ${takes}`);
  if (canAsk || missing.length === 0) return;
  throw new UserError({
    what: `there is no terminal to ask at, and these options are missing: ${missing.join(", ")}.`,
    remedy: "Add them, or run session-audit init at a terminal.",
  });
}

/** The answers with one more: of the option, or else of the person, who is asked until the answer is valid. */
async function answered(
  question: Question,
  before: Answers,
  words: readonly string[] | undefined,
  { ask, stderr }: Pick<Io, "ask" | "stderr">,
): Promise<Answers> {
  const withAnswer = (given: readonly string[]): Answers => {
    const answers = { ...before, [question.key]: question.read(given) };
    checkMap(parseYaml(firstMap(answers)), "The map would be wrong");
    return answers;
  };
  if (words !== undefined) return withAnswer(words);
  if (ask === undefined) return { ...before, [question.key]: question.usual };
  const many = question.isList ? "; several: separate them by spaces" : "";
  const empty = question.ifEmpty === undefined ? "" : ` (empty: ${question.ifEmpty})`;
  for (;;) {
    const typed = (await ask(`${capital(question.about)}${many}${empty}: `)).trim();
    const given = typed === "" ? [] : question.isList ? typed.split(/\s+/) : [typed];
    if (given.length === 0 && question.usual !== undefined)
      return { ...before, [question.key]: question.usual };
    if (given.length === 0) continue;
    try {
      return withAnswer(given);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      stderr.write(`${error.message}\n`);
    }
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
