export const word = "inside";
