import Testing

@testable import OrchCommandLine

struct TerminalTests {
    @Test func `columns are aligned, without blanks at the end`() {
        let table = Table(["A", "LONGER"], [["x", "1"], ["wörld", ""], ["é", "2"], ["", "3"]])
        #expect(table.text(.plain) == "A      LONGER\nx      1\nwörld\né      2\n       3\n")
    }

    @Test func `colours do not count as width`() {
        let table = Table([], [[Table.Cell("ok", .green), "1"], [Table.Cell("failed", .red), "2"]])
        #expect(table.text(.coloured) == "\u{1B}[32mok\u{1B}[0m      1\n\u{1B}[31mfailed\u{1B}[0m  2\n")
        #expect(table.text(.plain) == "ok      1\nfailed  2\n")
    }

    @Test func `a cell stays on its line`() {
        #expect(Table([], [["a\nb\u{1B}[31m", "c"]]).text(.plain) == "a\\nb\\u{1b}[31m  c\n")
    }

    @Test(arguments: [
        (true, [:], true), (false, [:], false), (true, ["NO_COLOR": "1"], false), (true, ["NO_COLOR": ""], true),
        (true, ["TERM": "dumb"], false), (true, ["TERM": "xterm"], true),
    ]) func `colours are for terminals that want them`(isTerminal: Bool, variables: [String: String], isOn: Bool) {
        #expect(Palette(isTerminal: isTerminal) { variables[$0] }.isOn == isOn)
    }

    @Test func `what would steer a terminal is spelt out`() {
        #expect(Visible.text("a\tb\n\u{1B}\u{7F}\u{9B}\u{202E}\r") == "a\tb\n\\u{1b}\\u{7f}\\u{9b}\\u{202e}\\r")
        #expect(Visible.line("a\tb\r\nc\u{2028}") == "a\\tb\\r\\nc\\u{2028}")
        #expect(Visible.text("plain é 👩‍👩‍👧 字") == "plain é 👩‍👩‍👧 字")
        #expect(Visible.json("\"\u{9B}\u{202E}é\"") == "\"\\u009b\\u202eé\"")
        #expect(Visible.json("{\n\t\"a\": 1\r\n}\n") == "{\n\t\"a\": 1\r\n}\n")
        #expect(Visible.line("abcdef", maximum: 4) == "abc…")
        #expect(Visible.line("abcd", maximum: 4) == "abcd")
    }

    @Test(arguments: [
        (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (105_964_808, "101.0 MiB"), (1_048_575, "1023.9 KiB"),
        (1_048_576, "1.0 MiB"), (1_099_511_627_776, "1.0 TiB"),
    ]) func `sizes are readable`(bytes: Int64, text: String) {
        #expect(Measure.bytes(bytes) == text)
    }

    @Test func `times are readable`() {
        #expect(Measure.milliseconds(0) == "0.000 ms")
        #expect(Measure.milliseconds(1_005) == "1.005 ms")
        #expect(Measure.milliseconds(-20) == "-0.020 ms")
    }
}
