import type { Deployment } from "../../demo/deployment";

/**
 * Stacks that tests deploy, change by hand, destroy and deploy again: a test asks for what it needs, and depends on no
 * other. A stack is deployed again only if a test has changed or destroyed it.
 */
export class Deployed {
  private readonly states: Map<string, "absent" | "as the map wants" | "spoiled">;

  constructor(private readonly deployment: Deployment) {
    this.states = new Map(deployment.stacks.map(({ id }) => [id, "absent"]));
  }

  /** Deploys those of the given stacks that are not deployed or were changed by a test. @default all stacks */
  async deploy(ids: readonly string[] = [...this.states.keys()]): Promise<void> {
    const stacks = this.deployment.stacks
      .filter(({ id }) => ids.includes(id))
      .filter(({ id }) => this.states.get(id) !== "as the map wants");
    if (stacks.length === 0) return;
    await this.deployment.apply(stacks);
    for (const { id } of stacks) this.states.set(id, "as the map wants");
  }

  /** Notes that the test changes a stack by hand. The stack is deployed again for the next test that needs it. */
  spoil(id: string): void {
    this.states.set(id, "spoiled");
  }

  /** Destroys a stack if it is deployed. */
  async destroy(id: string): Promise<void> {
    if (this.states.get(id) === "absent") return;
    this.spoil(id);
    await this.deployment.destroy(id);
    this.states.set(id, "absent");
  }
}
