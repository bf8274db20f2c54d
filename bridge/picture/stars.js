/** Keep the stars of this page from one visit to the next, where the browser allows it. */
class Stars {
  constructor(key) {
    this.key = key;
  }

  /** Return the seeds that were starred; none where nothing can be read. */
  read() {
    try {
      const seeds = JSON.parse(localStorage.getItem(this.key));
      return Array.isArray(seeds) ? seeds : [];
    } catch {
      return [];
    }
  }

  /** Keep these seeds and no others. */
  write(seeds) {
    try {
      if (seeds.length) localStorage.setItem(this.key, JSON.stringify(seeds));
      else localStorage.removeItem(this.key);
    } catch {
      // some browsers keep nothing for a page that is a file: the stars last as long as the page
    }
  }
}
