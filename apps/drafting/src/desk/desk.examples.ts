/** One desk, as the examples of drafting's API tell of it. */
const requirements = [
  { of: 'byline', min: 1 },
  { of: 'paragraphs', min: 1 },
  { of: 'headline', max: 120 },
  { of: 'headline', max: 80, warning: true },
  { of: 'image-rights', min: 1 },
  { of: 'image-credit', min: 1, max: 60 },
];

export const setRequirements = { kind: 'story', requirements };
export const setMember = { person: 'edna', roles: ['editor'] };
export const setStages = { stages: ['desk', 'subs'] };
export const setApproval = {
  steps: [
    { step: 'sub-editor', by: 'editor' },
    { step: 'lawyer', by: 'legal' },
    { step: 'chief', by: 'chief' },
  ],
};
export const setLoneApproval = { allowed: true };
export const setMoveRules = {
  rules: [
    {
      rule: 'finished-copy',
      way: 'in',
      stage: 'subs',
      states: ['draft', 'returned'],
      reason: 'Subs take finished copy only.',
    },
    { rule: 'signed', way: 'out', lacking: ['byline'], reason: 'Nothing leaves the desk unsigned.' },
  ],
};
export const view = {
  desk: 'city',
  requirements: [{ kind: 'story', own: true, requirements }],
  members: [setMember],
  stages: setStages.stages,
  moveRules: setMoveRules.rules,
  approval: setApproval.steps,
  loneApproval: true,
};
export const listed = { items: [{ desk: 'city', version: 3 }] };
