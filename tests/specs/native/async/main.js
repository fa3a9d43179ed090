import { readSensor, startMotor } from "runtime:greet";
console.log(await readSensor(2));
const all = await Promise.all([readSensor(0), readSensor(1)]);
console.log(all.map((reading) => reading.rawValue));
try { await readSensor(9); } catch (error) { console.log(error.name, error.code, error.message, error instanceof Error); }
const rejected = readSensor("x");
console.log(rejected instanceof Promise);
try { await rejected; } catch (error) { console.log(error.message); }
try { startMotor(); } catch (error) { console.log(error.name, error.message.includes('sys = ["motor"]')); }
