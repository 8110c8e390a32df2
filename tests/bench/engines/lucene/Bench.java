import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.miscellaneous.PerFieldAnalyzerWrapper;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.LongField;
import org.apache.lucene.document.SortedSetDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.facet.FacetResult;
import org.apache.lucene.facet.FacetsCollectorManager;
import org.apache.lucene.facet.LabelAndValue;
import org.apache.lucene.facet.StringDocValuesReaderState;
import org.apache.lucene.facet.StringValueFacetCounts;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopScoreDocCollectorManager;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.QueryBuilder;

/**
 * Lucene's side of the benchmark: {@code index CORPUS FOLDER} makes an index of JSON lines, {@code
 * serve FOLDER} answers one query a line and says what each cost the thread that searched.
 */
public final class Bench {
  private static final int TOP = 10;
  private static final double BUFFER_MB = 256;
  private static final Set<String> FETCHED = Set.of("id", "title", "day");
  private static final List<String> FACETS = List.of("month", "outlet", "person");
  private static final ObjectMapper JSON = new ObjectMapper();

  // Porter stems, as the other engines have Porter's or Snowball's; no word is dropped.
  private static final Analyzer STEMS = new EnglishAnalyzer(CharArraySet.EMPTY_SET);
  private static final Analyzer ANALYZER =
      new PerFieldAnalyzerWrapper(STEMS, Map.of("forms", new StandardAnalyzer()));

  private final IndexSearcher searcher;
  private final Map<String, StringDocValuesReaderState> states = new LinkedHashMap<>();
  private final ThreadMXBean clock = ManagementFactory.getThreadMXBean();

  private Bench(Path folder) throws IOException {
    DirectoryReader reader = DirectoryReader.open(new MMapDirectory(folder));
    searcher = new IndexSearcher(reader);
    for (String name : FACETS) {
      states.put(name, new StringDocValuesReaderState(reader, name));
    }
  }

  public static void main(String[] arguments) throws IOException {
    switch (arguments[0]) {
      case "index" -> index(Path.of(arguments[1]), Path.of(arguments[2]));
      case "serve" -> new Bench(Path.of(arguments[1])).serve();
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void index(Path corpus, Path folder) throws IOException {
    FieldType forms = new FieldType(TextField.TYPE_NOT_STORED);
    forms.setIndexOptions(IndexOptions.DOCS);
    forms.setOmitNorms(true);
    forms.freeze();
    IndexWriterConfig config = new IndexWriterConfig(ANALYZER).setRAMBufferSizeMB(BUFFER_MB);
    try (BufferedReader lines = Files.newBufferedReader(corpus);
        IndexWriter writer = new IndexWriter(FSDirectory.open(folder), config)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        writer.addDocument(document(JSON.readTree(line), forms));
      }
      writer.commit();
    }
  }

  private static Document document(JsonNode row, FieldType forms) {
    String title = row.get("title").asText();
    String body = row.get("body").asText();
    String date = row.get("date").asText();
    String text = title + "\n" + body;
    Document made = new Document();
    made.add(new TextField("text", text, Field.Store.NO));
    made.add(new Field("forms", text, forms));
    made.add(new StringField("id", row.get("id").asText(), Field.Store.YES));
    made.add(new StoredField("title", title));
    made.add(new StoredField("body", body));
    long day = date.isEmpty() ? 0 : Long.parseLong(date.replace("-", ""));
    made.add(new LongField("day", day, Field.Store.YES));
    made.add(value("month", date.isEmpty() ? "" : date.substring(0, 7)));
    made.add(value("outlet", row.get("outlet").asText()));
    for (JsonNode person : row.get("people")) {
      made.add(value("person", person.asText()));
    }
    return made;
  }

  private static SortedSetDocValuesField value(String name, String value) {
    return new SortedSetDocValuesField(name, new BytesRef(value));
  }

  /** Answers a query a line: {@code {"form", "words", "days", "facets"}}. */
  private void serve() throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      JsonNode asked = JSON.readTree(line);
      List<String> words = new ArrayList<>();
      asked.get("words").forEach(word -> words.add(word.asText()));
      long[] days = asked.get("days").isNull() ? null : days(asked.get("days"));
      boolean faceted = asked.get("facets").asBoolean();

      long cpu = clock.getCurrentThreadCpuTime();
      Answer answer = answer(asked.get("form").asText(), words, days, faceted);
      cpu = clock.getCurrentThreadCpuTime() - cpu;

      ObjectNode said = JSON.createObjectNode().put("cpu", cpu).put("total", answer.total);
      said.set("hits", JSON.valueToTree(answer.hits));
      said.set("facets", JSON.valueToTree(answer.facets));
      System.out.println(said);
    }
  }

  private static long[] days(JsonNode days) {
    return new long[] {days.get(0).asLong(), days.get(1).asLong()};
  }

  private record Hit(String id, String title, long day) {}

  private record Answer(List<Hit> hits, long total, Map<String, Map<String, Integer>> facets) {}

  private Answer answer(String form, List<String> words, long[] days, boolean faceted)
      throws IOException {
    Query query = query(form, words);
    if (days != null) {
      query =
          new BooleanQuery.Builder()
              .add(query, Occur.MUST)
              .add(LongField.newRangeQuery("day", days[0], days[1]), Occur.FILTER)
              .build();
    }
    TopDocs top;
    long total;
    Map<String, Map<String, Integer>> facets = new LinkedHashMap<>();
    if (faceted) {
      var found =
          FacetsCollectorManager.search(searcher, query, TOP, new FacetsCollectorManager());
      top = found.topDocs();
      total = top.totalHits.value();
      for (var state : states.entrySet()) {
        var counts = new StringValueFacetCounts(state.getValue(), found.facetsCollector());
        facets.put(state.getKey(), values(counts.getTopChildren(TOP, state.getKey())));
      }
    } else if (query instanceof TermQuery) {
      // What is known of a single term need not be counted: its best ten are found by skipping.
      top = searcher.search(query, new TopScoreDocCollectorManager(TOP, TOP));
      total = searcher.count(query);
    } else {
      top = searcher.search(query, new TopScoreDocCollectorManager(TOP, Integer.MAX_VALUE));
      total = top.totalHits.value();
    }
    StoredFields stored = searcher.storedFields();
    List<Hit> hits = new ArrayList<>();
    for (ScoreDoc hit : top.scoreDocs) {
      Document document = stored.document(hit.doc, FETCHED);
      long day = document.getField("day").numericValue().longValue();
      hits.add(new Hit(document.get("id"), document.get("title"), day));
    }
    return new Answer(hits, total, facets);
  }

  private static Query query(String form, List<String> words) {
    QueryBuilder builder = new QueryBuilder(STEMS);
    String text = String.join(" ", words);
    return switch (form) {
      case "prefix" -> new PrefixQuery(new Term("forms", words.get(0)));
      case "phrase" -> builder.createPhraseQuery("text", text);
      case "any" -> builder.createBooleanQuery("text", text, Occur.SHOULD);
      default -> builder.createBooleanQuery("text", text, Occur.MUST);
    };
  }

  private static Map<String, Integer> values(FacetResult counted) {
    Map<String, Integer> values = new LinkedHashMap<>();
    if (counted != null) {
      for (LabelAndValue one : counted.labelValues) {
        values.put(one.label, one.value.intValue());
      }
    }
    return values;
  }
}
