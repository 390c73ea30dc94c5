import { z } from "zod";
import { region, told } from "./values";

/** What a map may say about a second copy of transcripts. */
export const replication = told(
  z.strictObject({
    account: told(z.string(), {
      description: "Name of the account that owns the replica. null: the account of the bucket itself.",
      allowed: "the name of an account in this map",
      remedy:
        "describe the account that keeps the second copy under accounts, without regions if it has none",
    })
      .nullable()
      .default(null),
    region: region("Region of the replica."),
  }),
  {
    description:
      "A second copy of every new transcript, in another region or account (S3 replication). It has a bucket and a key of its own, and follows the prefix, lock, lifecycle and readers of its source; the settings of the account that owns it say how it encrypts and who is told about changes to it. Said as a whole.",
    allowed: "an object { account: <name of an account in this map>, region: <an AWS region> }",
    remedy: 'write { account: "<name>", region: "<region>" }, or null for no replica',
  },
).nullable();
