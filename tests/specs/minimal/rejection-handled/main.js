const late = Promise.reject(new Error("handled in the same turn"));
late.catch((error) => console.log("caught", error.message));
