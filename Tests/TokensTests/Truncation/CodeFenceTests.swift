import OrchTokens
import Testing

/// In these cases each byte is a token, and | stands where the limit is; it is not part of the text.
@Suite struct CodeFenceTests {
    private func expect(
        _ marked: String, _ kept: String, _ boundary: TextCut.Boundary,
        _ location: SourceLocation = #_sourceLocation
    ) {
        let parts = marked.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
        let text = parts.joined()
        let limit = parts[0].utf8.count
        let cut = SemanticTruncation.cut(text, tokenEnds: Array(1...text.utf8.count), limit: limit)
        #expect(cut.text == kept[...] && cut.boundary == boundary, sourceLocation: location)
    }

    @Test func `a cut inside a fence moves to before it, or to the sentence before that`() {
        expect("Run this\n```sh\nls. Th|en\n```\n", "Run this\n", .fence)
        expect("Run it.\n```sh\nls. Th|en\n```\n", "Run it.", .sentence)
        expect("Run this\n~~~\n# no header\nls|\n~~~\n", "Run this\n", .fence)
        expect("Run this\n`|``sh\nls\n```\n", "Run this\n", .fence)
        expect("Run this\n```|sh\nls\n```\n", "Run this\n", .fence)
        expect("Run this\n|```sh\nls\n```\n", "Run this\n", .token)
        expect("Run this\n```\nls\n`|``\nmore", "Run this\n", .fence)
        expect("Run this\n```\nls, and no e|nd", "Run this\n", .fence)
    }

    @Test func `after a closed fence the text goes on, and the fence's end is a paragraph's`() {
        expect("Run\n```\nls\n```|\nmore", "Run\n```\nls\n```", .sentence)
        expect("Run\n```\nls\n```\nmore te|xt", "Run\n```\nls\n```", .sentence)
        expect("Run\n```\nls\n```\nDone. Mo|re", "Run\n```\nls\n```\nDone.", .sentence)
        expect("Run\n```\na. B\n```\n# Hea|d", "Run\n```\na. B\n```\n", .header)
    }

    @Test func `it moves as far as the fence is long`() {
        let code = String(repeating: "line. Of code\n", count: 100)
        expect("Text\n\n```\n\(code)|\(code)```\n", "Text\n\n", .fence)
    }

    @Test func `where all is one fence nothing is left`() {
        expect("```\nls. A|nd\n```\n", "", .none)
        expect("   ~~~~ info ~~~\nls. A|nd\n~~~~\n", "", .none)
    }

    @Test func `a fence is closed by its own mark alone, as long and no deeper than CommonMark says`() {
        expect("A\n````\n```\nBe. |C\n````\n", "A\n", .fence)
        expect("A\n```\n~~~\nBe. |C\n```\n", "A\n", .fence)
        expect("A\n```\n``` no\nBe. |C\n```\n", "A\n", .fence)
        expect("A\n```\n    ```\nBe. |C\n```\n", "A\n", .fence)
        expect("A\n```\n   `````  \t\nBe. |C", "A\n```\n   `````  \t\nBe.", .sentence)
        expect("A\n  ~~~ ```\n~~~\nBe. |C", "A\n  ~~~ ```\n~~~\nBe.", .sentence)
    }

    @Test func `what is no fence does not count as one`() {
        expect("A\n``\nBe. |C", "A\n``\nBe.", .sentence)
        expect("A\n\n    ```\nBe. |C", "A\n\n    ```\nBe.", .sentence)
        expect("A\n\n\t```\nBe. |C", "A\n\n\t```\nBe.", .sentence)
        expect("A ```\nBe. |C", "A ```\nBe.", .sentence)
        expect("A\n```x``` Be. |C", "A\n```x``` Be.", .sentence)
        // Cut before its second marks, it would be a fence.
        expect("A\n```x. Y| ``` B. C", "A\n", .fence)
    }

    @Test func `fences in lists have the list's indentation`() {
        let list = "1. One\n   - Two:\n     ```sh\n     ls\n"
        expect("\(list)     cat. An|d\n     ```\n", "1. One", .sentence)
        expect("\(list)     ```\n   - Three. F|our", "\(list)     ```\n   - Three.", .sentence)
        expect("- ```\n  ls. A|nd\n  ```\n", "", .none)
        expect("- ```\n  ls\n  ```\n- Two. Th|ree", "- ```\n  ls\n  ```\n- Two.", .sentence)
        // The item's end is the fence's, too.
        expect("- One\n  ```\n  ls\nTwo. Th|ree", "- One\n  ```\n  ls\nTwo.", .sentence)
        expect("- One\n  ```\n  ls\n|Two", "- One\n", .fence)
        // The mark at the margin ends the item, and begins another fence: neither may be left open.
        expect("- One\n  ```\n  ls\n```\nTwo. Th|ree", "- One\n", .fence)
        expect("- One\n\n  ```\n\n  ls. |It\n", "- One", .sentence)
    }

    @Test func `fences in quotes end with the quote`() {
        expect("> A:\n> ```\n> ls. A|nd\n> ```\n", "> A:\n", .fence)
        expect("> A:\n> ```\n> ls\n> ```\n> Be. C|d", "> A:\n> ```\n> ls\n> ```\n> Be.", .sentence)
        expect("> A:\n> ```\n> ls\nBe. C|d", "> A:\n> ```\n> ls\nBe.", .sentence)
        expect("> A:\n> ```\n> ls\n\nBe. C|d", "> A:\n> ```\n> ls\n\nBe.", .sentence)
        expect("> A:\n> ```\n> ls\n|\nB", "> A:\n", .fence)
        expect("- > A:\n  > ```\n  > ls\n  > ```\n  > Be. C|d", "- > A:\n  > ```\n  > ls\n  > ```\n  > Be.", .sentence)
        expect("> ```\n> > ls\n> ```\n> Be. C|d", "> ```\n> > ls\n> ```\n> Be.", .sentence)
    }
}
