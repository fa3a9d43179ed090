export const parse = JSON.parse;
export function format(value) {
  return `<${value}>`;
}
