try { setTimeout("console.log(1)"); } catch (error) { console.log(error.name); }
try { setTimeout(); } catch (error) { console.log(error.message); }
clearTimeout(undefined); clearTimeout(999); clearTimeout(null);
console.log(typeof setTimeout(() => {}, -1), typeof setTimeout(() => {}, "2"), typeof setTimeout(() => {}, NaN));
