import { readdirSync, readFileSync } from "node:fs";

/** A process of this machine, as Linux describes it in `/proc`. */
interface Process {
  readonly pid: number;
  readonly parent: number;
  /** File name of the program, of which Linux keeps 15 characters. */
  readonly name: string;
}

/** @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function processes(): Process[] {
  return readdirSync("/proc").flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      const [, pid, name, parent] =
        /^(\d+) \((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${entry}/stat`, "utf8")) ?? [];
      return [{ pid: Number(pid), parent: Number(parent), name: name! }];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
}

/** Ids of the processes below a process whose program has a name that begins like this. */
export function below(ancestor: number, name: string): number[] {
  const all = processes();
  const parents = new Map(all.map(({ pid, parent }) => [pid, parent]));
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === ancestor || isBelow(parent));
  };
  // Linux cuts names after 15 characters.
  return all.filter((one) => one.name === name.slice(0, 15) && isBelow(one.pid)).map(({ pid }) => pid);
}
