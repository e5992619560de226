/** Whom comments and threads concern. Which of them may do what, the tables of the aggregates say. */
export const concerned = [
  ...(['site', 'moderator', 'moderation-lead', 'chief', 'legal', 'privacy-officer', 'auditor'] as const),
] as const;
