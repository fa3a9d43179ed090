//! Figures of several runs, and what is made of them.
//!
//! The boundary: arithmetic. Runs of what is compared are interleaved, so that what the machine does meanwhile meets them all.

use crate::diagnostics::Report;

/// What the runs of one program gave, the least first.
#[derive(Debug, PartialEq)]
pub(super) struct Samples(Vec<f64>);

impl Samples {
    /// The figures of at least one run.
    pub(super) fn new(mut figures: Vec<f64>) -> Self {
        assert!(!figures.is_empty(), "tailor's bug: nothing was measured");
        figures.sort_by(f64::total_cmp);
        Self(figures)
    }

    /// The one in the middle; of an even number, the lower of the two.
    pub(super) fn median(&self) -> f64 {
        self.0[(self.0.len() - 1) / 2]
    }

    /// The least: the run that was disturbed least.
    pub(super) fn least(&self) -> f64 {
        self.0[0]
    }

    /// The greatest.
    pub(super) fn greatest(&self) -> f64 {
        self.0[self.0.len() - 1]
    }
}

/// Runs A B A B …, `rounds` times each, after one round that counts for nothing; a run gives `M` figures.
pub(super) fn interleaved<const N: usize, const M: usize>(
    rounds: usize,
    mut run: impl FnMut(usize) -> Result<[f64; M], Report>,
) -> Result<[[Samples; M]; N], Report> {
    let mut figures = [const { [const { Vec::new() }; M] }; N];
    for round in 0..=rounds {
        for (which, of_one) in figures.iter_mut().enumerate() {
            let measured = run(which)?;
            if round > 0 {
                of_one
                    .iter_mut()
                    .zip(measured)
                    .for_each(|(figures, figure)| figures.push(figure));
            }
        }
    }
    Ok(figures.map(|of_one| of_one.map(Samples::new)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_and_the_ends_are_found() {
        let samples = Samples::new(vec![3.0, 1.0, 9.0, 2.0]);
        assert_eq!(
            (samples.least(), samples.median(), samples.greatest()),
            (1.0, 2.0, 9.0)
        );
    }

    #[test]
    fn runs_are_interleaved_and_the_first_of_each_is_dropped() {
        let mut order = Vec::new();
        let measured = interleaved::<2, 1>(2, |which| {
            order.push(which);
            Ok([order.len() as f64])
        });
        let [[first], [second]] = measured.expect("no run fails");
        assert_eq!(order, [0, 1, 0, 1, 0, 1]);
        assert_eq!(
            (first, second),
            (Samples::new(vec![3.0, 5.0]), Samples::new(vec![4.0, 6.0]))
        );
    }
}
