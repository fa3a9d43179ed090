export const name = "from a file";
