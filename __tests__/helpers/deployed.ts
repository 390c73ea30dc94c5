import type { Rehearsal } from "../../emulator/rehearsal";

/**
 * Stacks that tests deploy, change by hand, destroy and deploy again: a test asks for what it needs, and depends on no
 * other. Nothing is deployed twice unless a test has said that it is not as the map wants it any more.
 */
export class Deployed {
  private readonly stale: Set<string>;

  constructor(private readonly rehearsal: Rehearsal) {
    this.stale = new Set(rehearsal.stacks.map(({ id }) => id));
  }

  /** Deploys those of these stacks that are not as the map wants them. @default all stacks */
  async deploy(ids: readonly string[] = this.rehearsal.stacks.map(({ id }) => id)): Promise<void> {
    const stacks = this.rehearsal.stacks.filter(({ id }) => ids.includes(id) && this.stale.has(id));
    if (stacks.length > 0) await this.rehearsal.apply(stacks);
    for (const { id } of stacks) this.stale.delete(id);
  }

  /** Says that the test changes a stack by hand. It is deployed again for the next one that needs it. */
  spoil(id: string): void {
    this.stale.add(id);
  }

  /** Destroys a stack, if it is deployed. */
  async destroy(id: string): Promise<void> {
    if (this.stale.has(id)) await this.deploy([id]);
    this.spoil(id);
    await this.rehearsal.destroy(id);
  }
}
