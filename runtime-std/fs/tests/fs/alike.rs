//! Every file system answers as the machine's does: the same operations, chosen by chance, come to the same.

use crate::{Field, Whose};

/// Makes what is there at first.
const FIRST: &str = "
    await fs.makeDir('work/a/b/c', { recursive: true });
    await fs.makeDir('work/b/a', { recursive: true });
    await fs.writeText('work/c', 'c');
    await fs.writeText('work/a/a', 'aa');
    await fs.writeText('work/a/b/b', 'abb');
    await fs.writeText('work/b/a/c', 'bac');
    return 'made';
";

/// Does a few hundred things and notes what each came to.
const MANY: &str = "
    const below = (n) => {
        seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
        return (seed >>> 8) % n;
    };
    const path = () => {
        let path = 'work';
        for (let depth = below(4); depth >= 0; depth--) path += '/' + 'abc'[below(3)];
        return path;
    };
    const text = () => 'xyz'.repeat(below(4));
    const yes = () => below(2) === 0;
    const operations = [
        ['writeText', () => [path(), text()]],
        ['writeText', () => [path(), text(), { append: yes(), create: yes(), createNew: below(4) === 0 }]],
        ['append', () => [path(), text()]],
        ['truncate', () => [path(), below(9)]],
        ['makeDir', () => [path()]],
        ['makeDir', () => [path(), { recursive: true }]],
        ['remove', () => [path()]],
        ['remove', () => [path(), { recursive: below(3) === 0 }]],
        ['rename', () => [path(), path()]],
        ['rename', () => [path(), path()]],
        ['copy', () => [path(), path()]],
        ['readText', () => [path()]],
        ['readDir', () => [path()]],
        ['exists', () => [path()]],
        ['realPath', () => [path()]],
        ['stat', () => [path()]],
    ];
    const shown = (name, value) => {
        switch (name) {
            case 'readDir': return value.map((entry) => entry.name + (entry.isDirectory ? '/' : '')).join();
            case 'stat': return [value.mode.toString(8), value.isFile && value.size].join();
            case 'realPath': return value.slice(value.indexOf('/work'));
            default: return String(value);
        }
    };
    const log = [];
    for (let n = 0; n < 400; n++) {
        const [name, args] = operations[below(operations.length)];
        const given = args();
        const came = await fs[name](...given).then((value) => shown(name, value), (error) => error.code);
        log.push(`${name} ${JSON.stringify(given)} ${came}`);
    }
";

/// Tells what is there.
const ALL: &str = "
    const walk = async (folder) => {
        for (const { name, isDirectory } of await fs.readDir(folder)) {
            const path = `${folder}/${name}`;
            const { mode } = await fs.stat(path);
            log.push(`${path} ${mode.toString(8)} ${isDirectory ? '' : await fs.readText(path)}`);
            if (isDirectory) await walk(path);
        }
    };
    await walk('work');
    return log.join('\\n');
";

#[test]
fn whatever_is_done_comes_to_the_same() {
    for seed in 1..=12 {
        let many = format!("let seed = {seed}; {MANY} {ALL}");
        let again = format!("const log = []; {ALL}");
        let came = |whose| {
            let field = Field::of(whose);
            // What an overlay lies over is the machine's.
            let made = match whose {
                Whose::Overlay => crate::run(field.config_of(&[]), FIRST),
                Whose::Machine | Whose::Memory => field.run(FIRST),
            };
            assert_eq!(made, "made");
            // The second runtime has what the first one left, by whichever way that was kept.
            format!("{}\n{}", field.run(&many), field.run(&again))
        };
        let machine = came(Whose::Machine);
        assert!(machine.lines().count() > 400, "{machine}");
        for whose in [Whose::Memory, Whose::Overlay] {
            let other = came(whose);
            let rows = machine.lines().zip(other.lines()).enumerate();
            for (row, (expect, found)) in rows {
                let before = machine.lines().take(row);
                assert_eq!(
                    found,
                    expect,
                    "{whose:?}, seed {seed}, after\n{}",
                    before.collect::<Vec<_>>().join("\n")
                );
            }
            assert_eq!(machine.lines().count(), other.lines().count());
        }
    }
}
