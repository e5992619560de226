/** How a newsroom uses screening: data, so that another one can be tried on the same comments. */
export interface Policy {
  /** Rules whose hits reject a comment without a person. All others only ask for a person's eye. */
  readonly mayReject: readonly string[];
}

/** Pre-moderated: a person decides about every comment, so no rule has to. */
export const housePolicy: Policy = { mayReject: [] };
