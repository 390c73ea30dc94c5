import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isRunning } from "../../files/all-or-nothing";
import { takeLock } from "../../files/lock";

/**
 * Tries once to take each of many locks, and notes which it holds, and whether it has read one that was half written. It
 * gives none back and runs until it is told to end, so that every lock has one holder in the end.
 */
async function contend(directory: string, rounds: number): Promise<void> {
  const told = once(process.stdin, "data");
  process.stdout.write("ready\n");
  await told;
  const asked = once(process.stdin, "end");
  process.stdin.resume();
  for (let round = 0; round < rounds; round++) {
    const taken = await takeLock(
      join(directory, `lock.${round}`),
      String(process.pid),
      (pid) => !isRunning(Number(pid)),
    );
    const found = "release" in taken ? "held" : /^\d+$/.test(taken.heldBy) ? "others" : "half";
    writeFileSync(join(directory, `${found}.${round}.${process.pid}`), "");
  }
  process.stdout.write("done\n");
  await asked;
}

const [directory, rounds] = process.argv.slice(2);
void contend(directory!, Number(rounds));
