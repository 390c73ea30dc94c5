import { MOST_TAGS } from "../schema/tags";
import { fault, type SettingRule } from "./setting-fault";

/** At most 45 tags per target, counting those inherited from the organization and the account. */
export const fewTags: SettingRule = ({ settings }) =>
  Object.keys(settings.tags).length > MOST_TAGS &&
  fault(
    "tags",
    `at most ${MOST_TAGS} tags, including those inherited from the organization and the account`,
    "remove some tags",
  );
