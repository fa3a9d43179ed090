//! Text that grows on the account of its runtime.

use runtime_core::engine::Cx;
use runtime_core::{Error, Held};

/// Text whose room is put on the account before it is taken.
#[derive(Debug, Default)]
pub(super) struct Text {
    text: String,
    held: Held,
}

impl Text {
    /// Adds `piece` to the end.
    pub(super) fn push<'js>(&mut self, cx: &mut Cx<'js>, piece: &str) -> Result<(), Error<'js>> {
        let room = self.text.capacity() - self.text.len();
        if piece.len() > room {
            let more = piece.len().max(self.text.len());
            self.held.add(cx.charge(more)?);
            self.text.reserve_exact(more);
        }
        self.text.push_str(piece);
        Ok(())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }
}
