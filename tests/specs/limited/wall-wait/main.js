console.log("before");
setTimeout(() => console.log("after"), 60_000);
