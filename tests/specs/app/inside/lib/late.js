export const late = import.meta.url;
