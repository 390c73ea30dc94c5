import tseslint from "typescript-eslint";

const BARRELS = ["@cdktf/provider-aws", "@cdktf/provider-aws/lib", "@cdktf/provider-aws/lib/index"].map(
  (name) => ({
    name,
    message: "Import @cdktf/provider-aws/lib/<resource>: the barrel costs 5 s and 500 MB.",
  }),
);
const SIMULATOR = {
  name: "@cloud-copilot/iam-simulate",
  message: "AGPL: only the emulator and tests may import it.",
};
const restricted = (...paths) => ({ "no-restricted-imports": ["error", { paths: [...BARRELS, ...paths] }] });

export default tseslint.config(
  { ignores: ["node_modules", "cdktf.out", ".cache", ".session-audit", "plans", "coverage", "types"] },
  ...tseslint.configs.recommended,
  {
    rules: {
      eqeqeq: "error",
      "no-console": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "no-restricted-syntax": [
        "error",
        {
          selector: "ObjectExpression > SpreadElement > ObjectExpression",
          message: "Write the properties themselves: a reader looks for what the spread overrides.",
        },
      ],
      ...restricted(SIMULATOR),
    },
  },
  // A promise that nobody waits for is a step that may come too late, and an error that nobody sees.
  {
    files: ["**/*.ts"],
    languageOptions: { parserOptions: { projectService: true } },
    rules: { "@typescript-eslint/no-floating-promises": "error" },
  },
  // A map is loaded by the name an operator gives, which no import statement can say.
  { files: ["accounts/reading/load.ts"], rules: { "@typescript-eslint/no-require-imports": "off" } },
  // What only some runs of a command need is loaded when it is needed. import() would do so by the loader for ES modules, to
  // which tsx adds a thread that compiles: a third of the time of a short command.
  { files: ["fleet/**"], rules: { "@typescript-eslint/no-require-imports": "off" } },
  // Lambda's way to write to a log group; and what stands for Lambda.
  { files: ["guard/log.ts", "emulator/lambda/function-host.ts"], rules: { "no-console": "off" } },
  // Pages put their modules into one script, without a bundler.
  {
    files: [
      ...["jest{,.long,.mutants,.unit}.config.js", "{pages,review/render,report/render}/page/*.js"],
      ...["__tests__/shared-modules/*.js", "processes/typescript.cjs"],
    ],
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
  { files: ["emulator/**", "demo/**", "__tests__/**"], rules: restricted() },
);
