import ArgumentParser

/// The option of every command that prints data.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print JSON, on one line, for programs.")
    var json = false
}
