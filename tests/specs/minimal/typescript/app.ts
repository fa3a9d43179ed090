export const name: string = "Ada";
