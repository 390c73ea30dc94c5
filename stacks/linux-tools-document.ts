import { readFileSync } from "node:fs";
import { join } from "node:path";
import { revisionOf } from "./revision";

/** Seconds: longer than the script waits for locks and tries again, all told. */
const TIMEOUT_SECONDS = 1_800;

const SCRIPT = readFileSync(join(__dirname, "linux-tools.sh"), "utf8").trimEnd();

/** The Command document that puts `script` and `screen` on Linux. On Windows and macOS it has nothing to do. */
export function linuxToolsDocument(organization: string) {
  const mainSteps = [
    {
      action: "aws:runShellScript",
      name: "InstallLinuxTools",
      precondition: { StringEquals: ["platformType", "Linux"] },
      inputs: { timeoutSeconds: String(TIMEOUT_SECONDS), runCommand: SCRIPT.split("\n") },
    },
  ];
  return {
    schemaVersion: "2.2",
    description: `What Session Manager records with on Linux, kept by session-audit for ${organization} (revision ${revisionOf(mainSteps)})`,
    mainSteps,
  };
}
