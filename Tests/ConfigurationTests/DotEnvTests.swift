import Testing

@testable import OrchConfiguration

struct DotEnvTests {
    @Test(arguments: [
        ("A=1", "1"),
        ("A =  1 ", "1"),
        ("  export A=1", "1"),
        ("export\tA=1", "1"),
        ("A=", ""),
        ("A=   # nothing", ""),
        ("A=#kept", "#kept"),
        ("A=a#b", "a#b"),
        ("A=a #b", "a"),
        ("A=a\t#b", "a"),
        ("A=a=b==", "a=b=="),
        ("A=a b", "a b"),
        ("A=it's", "it's"),
        ("A=$HOME/${X}", "$HOME/${X}"),
        ("A='a #b\\n'", "a #b\\n"),
        ("A='' # empty", ""),
        ("A=\"a #b\"", "a #b"),
        ("A=\"a\\nb\\\"c\\\\d\" # note", "a\nb\"c\\d"),
        ("A=\" kept \"", " kept "),
        ("A=1\r", "1"),
        ("A=größe", "größe"),
        ("\u{feff}A=1", "1"),
    ])
    func `a line gives its value`(line: String, value: String) {
        let file = DotEnv(parsing: line)
        #expect(file.faults.isEmpty)
        #expect(file.entries == [DotEnv.Entry(name: "A", value: value, line: 1)])
    }

    @Test(arguments: ["", "   ", "# A=1", "\t# A=1", "\r"])
    func `a blank line and a comment give nothing`(line: String) {
        let file = DotEnv(parsing: line)
        #expect(file.entries.isEmpty)
        #expect(file.faults.isEmpty)
    }

    @Test(arguments: [
        ("A", "expected = after the name"),
        ("A hunter2", "expected = after the name"),
        ("=hunter2", "expected NAME=value"),
        ("1A=hunter2", "expected NAME=value"),
        ("-A=hunter2", "expected NAME=value"),
        ("A-B=hunter2", "expected = after the name"),
        ("A='hunter2", "the closing quote is missing"),
        ("A=\"hunter2", "the closing quote is missing"),
        ("A=\"hunter2\\\"", "the closing quote is missing"),
        ("A=\"hunter2\\", "a backslash in double quotes must be followed by n, \" or \\"),
        ("A=\"\\hunter2\"", "a backslash in double quotes must be followed by n, \" or \\"),
        ("A='hunter2'x", "text follows the closing quote"),
        ("A=\"hunter2\" x", "text follows the closing quote"),
        ("A=hun\u{0}ter2", "holds a control character"),
        ("A=hun\rter2", "holds a control character"),
        ("A=hun\u{7f}ter2", "holds a control character"),
    ])
    func `a broken line is named by number, and nothing of it is repeated`(line: String, reason: String) {
        let file = DotEnv(parsing: "# first\n\(line)\nB=2\n")
        #expect(file.faults == [DotEnv.Fault(line: 2, reason: reason)])
        #expect(file.entries == [DotEnv.Entry(name: "B", value: "2", line: 3)])
        #expect(!reason.contains("hunter2"))
    }

    @Test func `lines end with LF or CRLF and are counted from one`() {
        let file = DotEnv(parsing: "A=1\r\n\r\n# c\nB='2'\r\nC=3")
        #expect(file.entries.map(\.line) == [1, 4, 5])
        #expect(file.entries.map(\.value) == ["1", "2", "3"])
    }

    @Test func `of a repeated name the last value holds, and each replacement is listed`() {
        let file = DotEnv(parsing: "A=1\nB=2\nA=3\nA=4")
        #expect(file.values["A"]?.value == "4")
        #expect(file.values["B"]?.value == "2")
        #expect(file.replaced.map(\.earlier.line) == [1, 3])
        #expect(file.replaced.map(\.later.line) == [3, 4])
    }

    @Test(arguments: 0..<500)
    func `any value written by us is read back`(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let values = (0..<20).map { _ in random.text(maxLength: 24) }
        let text = values.enumerated().map { DotEnv.assignment("N\($0)", $1) }.joined(separator: "\n")
        let file = DotEnv(parsing: text)
        #expect(file.faults.isEmpty)
        #expect(file.entries.map(\.value) == values)
    }

    @Test(arguments: 0..<200)
    func `any value without a quote of its own survives single quotes`(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let value = random.text(maxLength: 24).filter { $0 != "'" && $0 != "\n" }
        let file = DotEnv(parsing: "export A='\(value)' # note\r\n")
        #expect(file.entries.map(\.value) == [value])
    }

    @Test(arguments: 0..<200)
    func `any text at all is read without a trap, and each line gives at most one thing`(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let text = (0..<30).map { _ in random.noise() }.joined()
        let file = DotEnv(parsing: text)
        let lines = text.utf8.count { $0 == UInt8(ascii: "\n") } + 1
        let seen = file.entries.map(\.line) + file.faults.map(\.line)
        #expect(Set(seen).count == seen.count)
        #expect(seen.allSatisfy { (1...lines).contains($0) })
    }
}
