const again = () => { Promise.resolve().then(again); };
again();
setTimeout(() => console.log("a timer"), 0);
