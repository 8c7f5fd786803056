/// Rows in aligned columns.
struct Table {
    /// A text, on one line, with perhaps a colour.
    struct Cell: ExpressibleByStringInterpolation {
        let text: String
        let colour: Palette.Colour?

        init(_ text: String, _ colour: Palette.Colour? = nil) {
            self.text = Visible.line(text)
            self.colour = colour
        }

        init(stringLiteral value: String) {
            self.init(value)
        }
    }

    var header: [String]
    var rows: [[Cell]]

    init(_ header: [String], _ rows: [[Cell]]) {
        self.header = header
        self.rows = rows
    }

    /// The lines, each with its line feed; no blanks at their ends.
    func text(_ palette: Palette) -> String {
        let all = (header.isEmpty ? [] : [header.map { Cell($0, .bold) }]) + rows
        let columns = all.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            all.map { column < $0.count ? $0[column].text.count : 0 }.max() ?? 0
        }
        return all.map { row in line(row, widths, palette) + "\n" }.joined()
    }

    private func line(_ row: [Cell], _ widths: [Int], _ palette: Palette) -> String {
        var line = ""
        var owed = 0
        for (cell, width) in zip(row, widths) {
            if !cell.text.isEmpty {
                line += String(repeating: " ", count: owed) + palette.paint(cell.text, cell.colour)
                owed = 0
            }
            owed += width - cell.text.count + 2
        }
        return line
    }
}
