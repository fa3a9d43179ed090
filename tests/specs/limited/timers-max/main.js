let fired = 0;
const fire = () => {
  if (++fired === 3) setTimeout(() => console.log("room again"), 1);
};
for (let n = 0; n < 3; n++) setTimeout(fire, 1);
try {
  setTimeout(fire, 1);
} catch (error) {
  console.log(error.name, error.code);
}
