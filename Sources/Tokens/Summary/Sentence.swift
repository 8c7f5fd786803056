/// A piece of a text that a summary takes whole or leaves.
struct Sentence: Equatable {
    enum Kind {
        /// A sentence, a list item, or a row of a table.
        case prose
        case heading
        /// A fence with what is in it, or some lines of a long one.
        case code
    }

    /// In bytes of the text's UTF-8, on whole characters.
    var range: Range<Int>
    var kind: Kind
}
