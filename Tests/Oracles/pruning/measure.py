"""Prepares the QMSum meetings for PruningBenchmark, and judges the summaries that it makes of them.

    measure.py meetings DATA           the meetings, as lines that the benchmark reads
    measure.py check-shares TABLE      fails where MiniLM keeps less than it must
    measure.py judge DATA SUMMARIES    the table of summaries beside the meetings' beginnings of equal length; fails
                                       where a summary is no better

A summary of a meeting is held against its lead, the first sentences, which sets how many tokens it may have:

  keyword coverage   the share of the meeting's 25 keywords that are in the summary. Keywords are the words with the
                     highest TF-IDF: how often a word is in the meeting, times ln(meetings / meetings that have it).
  sentence capture   the share of the meeting's sentences of at least five words that have a like in the summary: a
                     sentence with a TF-IDF cosine of 0.3 or more, rarity taken over the meeting's sentences.
  answers, ROUGE-1   the share of the words in people's own summaries of the meeting (the answers to its general
                     queries) that are in the summary, each as often as it is there; function words left out.

Nothing of it is the product's code: words, sentences and weights are worked out here.
"""
import collections
import gzip
import json
import math
import os
import re
import sys

LEADS = (3, 30, 100)
# What must be kept at least at 10, 25 and 50% of the tokens.
LEAST_SHARES = (40, 64, 82)
KEYWORDS = 25
FIRST = "first sentences"
LIKE = 0.3
STOP_WORDS = set(
    "a about after all also an and any are as at be because been but by can could did do does doing don for from get "
    "go going good got had has have he her here him his how i if in into is it its just kind know like ll m mean me "
    "more mm my no not now of oh ok okay on one only or our out really re right s said say see she so some sort t "
    "than that the their them then there these they thing think this those to too uh um up us ve very was we well "
    "were what when where which who why will with would yeah yes yep you your hmm huh mhm d".split())


def load(data):
    with gzip.open(os.path.join(data, "context", "qmsum_val.jsonl.gz"), "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def turns(meeting):
    return [turn["content"] for turn in meeting["meeting_transcripts"]]


def sentences(texts):
    return [part for text in texts for part in re.split(r"(?<=[.?!])\s+", text.strip()) if part.strip(" .?!")]


def words(text):
    return [word for word in re.findall(r"[^\W_]+", text.lower()) if word not in STOP_WORDS]


def answer_turns(query, count):
    spans = [(int(first), int(last)) for first, last in query["relevant_text_span"]]
    return sorted({turn for first, last in spans for turn in range(first, min(last, count - 1) + 1)})


def write_meetings(data):
    for meeting in load(data):
        said = sentences(turns(meeting))
        count = len(meeting["meeting_transcripts"])
        print(json.dumps({
            "turns": [{"speaker": turn["speaker"], "text": turn["content"]} for turn in meeting["meeting_transcripts"]],
            "queries": [
                {"text": query["query"], "answer": answer_turns(query, count)}
                for query in meeting["specific_query_list"] if answer_turns(query, count)],
            "leads": ["\n".join(said[:lead]) for lead in LEADS],
        }))


def keywords(meeting, frequencies, meetings):
    counts = collections.Counter(word for text in turns(meeting) for word in words(text))
    weights = {word: count * math.log(meetings / frequencies[word]) for word, count in counts.items()}
    return sorted(weights, key=lambda word: (-weights[word], word))[:KEYWORDS]


class Sentences:
    """A meeting's sentences of at least five words as TF-IDF vectors."""

    def __init__(self, meeting):
        said = [part for part in sentences(turns(meeting)) if len(re.findall(r"[^\W_]+", part)) >= 5]
        bags = [collections.Counter(words(part)) for part in said]
        frequencies = collections.Counter(word for bag in bags for word in bag)
        self.rarity = {word: math.log(len(bags) / count) + 1 for word, count in frequencies.items()}
        self.vectors = [vector for vector in map(self.vector, bags) if vector]

    def vector(self, bag):
        weights = {word: count * self.rarity[word] for word, count in bag.items() if word in self.rarity}
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        return {word: weight / length for word, weight in weights.items()} if length else {}

    def captured(self, summary):
        chosen = [self.vector(collections.Counter(words(part))) for part in sentences(summary.split("\n"))]
        like = sum(
            any(sum(weight * other.get(word, 0) for word, weight in vector.items()) >= LIKE for other in chosen)
            for vector in self.vectors)
        return like / max(len(self.vectors), 1)


def rouge(summary, answers):
    have = collections.Counter(words(summary))
    shares = []
    for answer in answers:
        wanted = collections.Counter(words(answer))
        shares.append(sum((wanted & have).values()) / max(sum(wanted.values()), 1))
    return sum(shares) / max(len(shares), 1)


def judge(data, path):
    meetings = load(data)
    frequencies = collections.Counter(
        word for meeting in meetings for word in {word for text in turns(meeting) for word in words(text)})
    figures = collections.defaultdict(list)
    with open(path, encoding="utf-8") as lines:
        for meeting, line in zip(meetings, lines, strict=True):
            said = sentences(turns(meeting))
            texts = [(lead, FIRST, "\n".join(said[:count])) for lead, count in enumerate(LEADS)]
            summaries = json.loads(line)
            for summary in summaries:
                if summary["tokens"] > summary["budget"]:
                    sys.exit(f"a summary of {summary['tokens']} tokens is over its budget of {summary['budget']}")
                texts.append((summary["lead"], "summary by " + summary["name"], summary["text"]))
            wanted, source = keywords(meeting, frequencies, len(meetings)), Sentences(meeting)
            answers = [query["answer"] for query in meeting["general_query_list"]]
            for lead, name, text in texts:
                have = set(words(text))
                figures[lead, name].append((
                    sum(word in have for word in wanted) / len(wanted), source.captured(text), rouge(text, answers)))
    print("| as long as | what | keyword coverage | sentence capture | answers, ROUGE-1 |")
    print("| --- | --- | ---: | ---: | ---: |")
    worse = []
    for (lead, name), rows in sorted(figures.items(), key=lambda item: item[0][0]):
        means = [sum(row[column] for row in rows) / len(rows) for column in range(3)]
        print(f"| the first {LEADS[lead]} sentences | {name} | {' | '.join(f'{100 * mean:.1f}' for mean in means)} |")
        if name == FIRST:
            first = means
        elif means[0] <= first[0] or means[1] <= first[1]:
            worse.append(f"{name} as long as the first {LEADS[lead]} sentences")
    if worse:
        sys.exit("no better than the first sentences: " + ", ".join(worse))


def check_shares(path):
    with open(path, encoding="utf-8") as lines:
        row = next((line for line in lines if line.startswith("| words and MiniLM |")), None)
    shares = [float(cell) for cell in row.split("|")[2:5]] if row else []
    if not shares or any(share < least for share, least in zip(shares, LEAST_SHARES)):
        sys.exit(f"words and MiniLM keep {shares}; at least {list(LEAST_SHARES)} must be kept")


if __name__ == "__main__":
    if sys.argv[1:2] == ["meetings"] and len(sys.argv) == 3:
        write_meetings(sys.argv[2])
    elif sys.argv[1:2] == ["check-shares"] and len(sys.argv) == 3:
        check_shares(sys.argv[2])
    elif sys.argv[1:2] == ["judge"] and len(sys.argv) == 4:
        judge(sys.argv[2], sys.argv[3])
    else:
        sys.exit(__doc__)
