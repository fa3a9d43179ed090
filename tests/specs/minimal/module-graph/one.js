console.log("one is evaluated once");
export const one = 1;
