export const addCoWriter = { writer: { id: 'sami', name: 'Sami Noor' } };
export const removeCoWriter = { writer: 'sami' };
export const assign = { to: { id: 'rana', name: 'Rana Iqbal' } };
export const setDeadline = { at: '2096-03-01T17:30', zone: 'Europe/Berlin' };
