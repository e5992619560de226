/** Whoever works in the house. An auditor reads everything. */
export const staff = [
  ...['reporter', 'editor', 'legal', 'duty-editor', 'chief', 'moderator', 'moderation-lead'],
  ...['privacy-officer', 'operator', 'auditor'],
];
/** Those who read what readers read, the site among them. */
export const readers = [...staff, 'site'];
