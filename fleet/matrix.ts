import { stringify } from "yaml";
import { UserError } from "../processes/user-error";
import { costOf, partsOf } from "./shards";

/** The pipelines that a matrix can be written for. */
export const MATRIX_FORMATS = ["github", "gitlab", "codebuild"] as const;
export type MatrixFormat = (typeof MATRIX_FORMATS)[number];

/**
 * How many jobs of a matrix each pipeline takes. A batch of CodeBuild may be larger, but an account runs 60 builds at a
 * time unless AWS raises its quota.
 * @see https://docs.github.com/en/actions/reference/limits
 * @see https://docs.gitlab.com/ci/yaml/#parallelmatrix
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/limits.html
 */
export const MOST_JOBS: Readonly<Record<MatrixFormat, number>> = { github: 256, gitlab: 200, codebuild: 60 };

/** Seconds of a stack that nobody has planned yet, as long as no duration of another one is known. */
const USUAL_SECONDS = 60;

/** What the size of a matrix depends on. */
export interface MatrixProps {
  /** The stacks to plan. */
  readonly ids: readonly string[];
  /** How long stacks took in an earlier plan, by id. */
  readonly seconds: ReadonlyMap<string, number>;
  /** How long one job may plan. */
  readonly minutes: number;
  /** How many stacks one job plans side by side. */
  readonly parallel: number;
  /** How many jobs there may be. */
  readonly most: number;
}

/**
 * The smallest number of parts of which none takes longer than the minutes of a job, with the division that `--shard`
 * makes. A part takes as long as its longest stack, or as its stacks side by side.
 * @throws UserError if more parts than allowed would be needed
 */
export function partsFor({ ids, seconds, minutes, parallel, most }: MatrixProps): number {
  const cost = costOf(seconds, USUAL_SECONDS);
  const longest = (of: number) =>
    Math.max(
      ...partsOf(ids, of, seconds).map((part) => {
        const costs = part.map(cost);
        return Math.max(0, ...costs, costs.reduce((sum, one) => sum + one, 0) / parallel);
      }),
    );
  const limit = minutes * 60;
  const total = ids.reduce((sum, id) => sum + cost(id), 0);
  const least = Math.max(1, Math.ceil(total / parallel / limit));
  for (let of = least; of <= most; of++) if (longest(of) <= limit) return of;
  throw new UserError({
    what: `${ids.length} stacks take about ${Math.ceil(total / 60)} minutes, which ${most} jobs do not finish in ${minutes} minutes each.`,
    remedy:
      "Use machines that plan more stacks side by side (--parallel), or plan the waves one by one (--wave).",
  });
}

/** The text of a matrix, in the language of a pipeline. */
export function matrixText(format: MatrixFormat, of: number): string {
  const shards = Array.from({ length: of }, (_, index) => `${index + 1}/${of}`);
  switch (format) {
    case "github":
      return `${JSON.stringify({ shard: shards })}\n`;
    case "gitlab":
      // The job is defined in another file of the child pipeline: GitLab merges the two.
      return stringify({ plan: { parallel: { matrix: [{ SHARD: shards }] } } });
    case "codebuild":
      return stringify({
        batch: {
          "fast-fail": false,
          "build-matrix": { dynamic: { env: { variables: { SHARD: shards } } } },
        },
      });
  }
}
